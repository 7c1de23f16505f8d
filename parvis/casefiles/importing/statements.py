"""The statements of an import: lines wait in a table of the session, are judged there, and are taken in portions.

Each statement takes a portion: the lines of places ``%(first)s`` to ``%(last)s``, by the order of the file.
"""

from parvis.casefiles.states import OPEN

FIELDS = (
    "former_number text, number text, procedure_id bigint, procedure text, filing_case text, fee_case text, state text,"
    " deposited_on date, complete_on date, decide_by date, warn_on date, permit_expires_on date, decided_on date,"
    " foreign_number text, family_name text, given_name text, folded_name text, birth_date date, passport_number text,"
    " language text, phone text, email text"
)
DROP = "DROP TABLE IF EXISTS pg_temp.stock_line"
CREATE = f"""
CREATE TEMPORARY TABLE stock_line (place integer PRIMARY KEY, line integer NOT NULL, written text NOT NULL,
    code text NOT NULL, {FIELDS}, person_id bigint, file_id bigint)
"""
COPY = "COPY stock_line FROM STDIN"
ANALYZE = "ANALYZE stock_line"

# What is here already stays as it is.
KNOWN = """
UPDATE stock_line s SET code = 'known', person_id = f.person_id FROM casefiles_casefile f
WHERE s.place BETWEEN %(first)s AND %(last)s AND s.code = ''
    AND f.office_id = %(office)s AND f.former_number = s.former_number AND f.former_number <> ''
"""
# A number mistyped by one digit must not give a file to a stranger: the day of birth agrees, or else the names share
# a word.
PERSON = """
UPDATE stock_line s SET person_id = p.id, code = CASE
    WHEN p.birth_date = s.birth_date THEN ''
    WHEN p.birth_date <> s.birth_date THEN 'person_differs'
    WHEN string_to_array(p.folded_name, ' ') && string_to_array(s.folded_name, ' ') THEN ''
    ELSE 'person_differs' END
FROM people_person p
WHERE s.place BETWEEN %(first)s AND %(last)s AND s.code = '' AND s.foreign_number <> ''
    AND p.foreign_number = s.foreign_number AND p.foreign_number <> ''
"""
# The same between lines of somebody who is not known yet: the first one says who they are.
PERSON_IN_FILE = """
UPDATE stock_line s SET code = 'person_differs' FROM (
    SELECT place, birth_date, folded_name, first_value(birth_date) OVER w AS born,
        first_value(folded_name) OVER w AS named
    FROM stock_line WHERE place BETWEEN %(first)s AND %(last)s AND code = '' AND foreign_number <> ''
        AND person_id IS NULL
    WINDOW w AS (PARTITION BY foreign_number ORDER BY place)
) e WHERE e.place = s.place AND e.born IS DISTINCT FROM s.birth_date AND (e.born <> s.birth_date
    OR NOT string_to_array(e.named, ' ') && string_to_array(s.folded_name, ' '))
"""
ALREADY_OPEN = """
UPDATE stock_line s SET code = 'case_file_already_open' FROM casefiles_casefile f
WHERE s.place BETWEEN %(first)s AND %(last)s AND s.code = '' AND f.person_id = s.person_id
    AND f.procedure_id = s.procedure_id AND f.state IN ({})
""".format(", ".join(f"'{state}'" for state in sorted(OPEN)))
OPEN_IN_FILE = """
UPDATE stock_line s SET code = 'case_file_already_open' FROM (
    SELECT place, row_number() OVER (PARTITION BY foreign_number, procedure_id ORDER BY place) AS turn
    FROM stock_line WHERE place BETWEEN %(first)s AND %(last)s AND code = '' AND foreign_number <> ''
) e WHERE e.place = s.place AND e.turn > 1
"""
JUDGE = (KNOWN, PERSON, PERSON_IN_FILE, ALREADY_OPEN, OPEN_IN_FILE)

# Keys are given before the rows are written: who has no foreign number could not be found again otherwise.
KEYS = """
UPDATE stock_line s SET
    file_id = nextval(pg_get_serial_sequence('casefiles_casefile', 'id')),
    person_id = coalesce(s.person_id, nextval(pg_get_serial_sequence('people_person', 'id')))
FROM (SELECT place FROM stock_line WHERE place BETWEEN %(first)s AND %(last)s AND code = '' ORDER BY place) e
WHERE e.place = s.place
"""
NUMBERS_TAKEN = """
SELECT s.place FROM stock_line s JOIN casefiles_casefile f ON f.number = s.number
WHERE s.place BETWEEN %(first)s AND %(last)s AND s.code = '' ORDER BY s.place
"""
PERSONS = """
INSERT INTO people_person (id, foreign_number, passport_number, family_name, given_name, folded_name, birth_date,
    language, phone, email, created_at)
SELECT person_id, foreign_number, passport_number, family_name, given_name, folded_name, birth_date, language, phone,
    email, %(now)s
FROM (
    SELECT s.*, row_number() OVER (
        PARTITION BY CASE WHEN foreign_number = '' THEN place::text ELSE '#' || foreign_number END ORDER BY place
    ) AS turn
    FROM stock_line s WHERE place BETWEEN %(first)s AND %(last)s AND code = ''
) e
WHERE turn = 1 AND NOT EXISTS (SELECT FROM people_person p WHERE p.id = e.person_id)
ORDER BY place ON CONFLICT DO NOTHING RETURNING id, foreign_number <> ''
"""
# Lines of one person, and persons whom somebody else registered a moment before.
SAME_PERSON = """
UPDATE stock_line s SET person_id = p.id FROM people_person p
WHERE s.place BETWEEN %(first)s AND %(last)s AND s.code = '' AND s.foreign_number <> ''
    AND p.foreign_number = s.foreign_number AND p.foreign_number <> '' AND p.id <> s.person_id
"""
FILES = """
INSERT INTO casefiles_casefile (id, office_id, number, former_number, person_id, procedure_id, "case", fee_case,
    channel, state, version, permit_expires_on, deposited_on, complete_on, decide_by, warn_on, decided_at,
    held_because, proposal, grounds, closing, created_at, changed_at)
SELECT file_id, %(office)s, number, former_number, person_id, procedure_id, filing_case, fee_case, 'import',
    state, 1, permit_expires_on, deposited_on, complete_on, decide_by, warn_on,
    (decided_on + time '12:00') AT TIME ZONE 'Europe/Paris', '', CASE WHEN decided_on IS NULL THEN '' ELSE 'grant' END,
    '', '', %(now)s, %(now)s
FROM stock_line WHERE place BETWEEN %(first)s AND %(last)s AND code = '' ORDER BY place
ON CONFLICT DO NOTHING
"""
# Somebody deposited the same a moment ago.
LOST = """
UPDATE stock_line s SET code = 'case_file_already_open'
WHERE s.place BETWEEN %(first)s AND %(last)s AND s.code = ''
    AND NOT EXISTS (SELECT FROM casefiles_casefile f WHERE f.id = s.file_id)
"""
TAKEN = """
SELECT file_id, procedure, state, deposited_on, complete_on, decide_by FROM stock_line
WHERE place BETWEEN %(first)s AND %(last)s AND code = '' ORDER BY place
"""
REJECTED = """
INSERT INTO casefiles_rejectedline (taken_over_id, line, text, code)
SELECT %(import)s, line, written, code FROM stock_line
WHERE place BETWEEN %(first)s AND %(last)s AND code NOT IN ('', 'known') ORDER BY line
"""
COUNTS = """
SELECT count(*) FILTER (WHERE code = ''), count(*) FILTER (WHERE code = 'known'),
    count(*) FILTER (WHERE code NOT IN ('', 'known'))
FROM stock_line WHERE place BETWEEN %(first)s AND %(last)s
"""
EXPORT = """
COPY (
    SELECT regexp_replace(coalesce(nullif(f.former_number, ''), f.number), '^([=+@-])', '''\\1') AS "{former_number}",
        p.code AS "{procedure}", regexp_replace(f."case", '^([=+@-])', '''\\1') AS "{case}",
        regexp_replace(f.fee_case, '^([=+@-])', '''\\1') AS "{fee_case}", f.state AS "{state}",
        f.deposited_on AS "{deposited_on}",
        f.complete_on AS "{complete_on}", (f.decided_at AT TIME ZONE 'Europe/Paris')::date AS "{decided_on}",
        f.permit_expires_on AS "{permit_expires_on}", w.foreign_number AS "{foreign_number}",
        regexp_replace(w.family_name, '^([=+@-])', '''\\1') AS "{family_name}",
        regexp_replace(w.given_name, '^([=+@-])', '''\\1') AS "{given_name}", w.birth_date AS "{birth_date}",
        w.passport_number AS "{passport_number}", w.language AS "{language}",
        regexp_replace(w.phone, '^([=+@-])', '''\\1') AS "{phone}",
        regexp_replace(w.email, '^([=+@-])', '''\\1') AS "{email}"
    FROM casefiles_casefile f
    JOIN people_person w ON w.id = f.person_id JOIN procedures_procedure p ON p.id = f.procedure_id
    WHERE f.office_id = %s AND f.state IN ({open}) ORDER BY f.id
) TO STDOUT WITH (FORMAT csv, HEADER, DELIMITER ';')
"""
