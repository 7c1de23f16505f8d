"""What no button sends, to every form and address, as every role: a clear refusal, never a fault, nothing unescaped."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import cycle, islice
from urllib.parse import quote_from_bytes, urljoin

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import get_resolver, reverse

from parvis.offices.roles import ROLES
from parvis.reception import actions
from parvis.reception.states import ReturnKind
from parvis.web import access
from tests.web.bookings import book_something
from tests.web.dossiers import file_something
from tests.web.staff import Staff
from tests.web.test_role_matrix import patterns

MARKUP = "<script>alert('fictif')</script>"
CORPUS: tuple[bytes, ...] = (
    b"",
    b"-1",
    b"9" * 20,
    b"9" * 5_000,
    b"A" * 10_000,
    "²".encode(),
    "٣".encode(),
    b"0017-02-29",
    b"9999-12-31",
    b"0000-00-00",
    b"99:99",
    b"\x1b@\x1dVA\r\n",
    b"\xed\xa0\x80\xff\xc3(",
    "\u202e🎈 ".encode(),
    b"\x00",
    f"='\";--{MARKUP}".encode(),
)
FILE = b'--x\r\nContent-Disposition: form-data; name="ticket"; filename="a"\r\n\r\n1\r\n--x--'
ENDING = ("/deconnexion/", "/verrou/")
VALUES_A_FIELD = 5  # has no divisor in common with the sixteen values


@dataclass
class Form:
    """A form as a browser sees it."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)


class Forms(HTMLParser):
    """Reads the forms of a page, with the values they hold."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.found: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in pairs}
        if tag == "form":
            self.found.append(Form(urljoin(self.address, given.get("action", "")), given.get("method", "get").lower()))
        elif self.found and tag in {"input", "button", "textarea"} and given.get("name"):
            self.found[-1].fields.setdefault(given["name"], [given.get("value", "")])
        elif self.found and tag == "select":
            self._select = given.get("name", "")
            self.found[-1].fields.setdefault(self._select, [""])
        elif self.found and tag == "option" and self._select and not self.found[-1].fields[self._select][0]:
            self.found[-1].fields[self._select] = [given.get("value", "")]


@dataclass
class Hall:
    """An office where something of everything exists, and a browser for each role."""

    staff: Staff
    browsers: dict[str, Client]
    parts: dict[str, object]
    more: list[str] = field(default_factory=list)

    def addresses(self) -> list[str]:
        """Every address of the product, with things that exist where it names one."""
        found = []
        for name, one in patterns(get_resolver()):
            if name in access.table():
                values = {key: self.value(name, key) for key in one.pattern.converters}
                found.append(reverse(name, kwargs=values))
        return found + self.more

    def value(self, name: str, part: str) -> object:
        """What stands for a part of an address."""
        return self.parts.get(f"{name}.{part}", self.parts.get(part, 1))

    def forms(self) -> Iterator[tuple[Client, Form]]:
        """Every form that some page shows to somebody, each kind once."""
        seen = set()
        for browser in self.browsers.values():
            for address in self.addresses():
                with undone(browser):
                    answer = browser.get(address)
                if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
                    continue
                assert MARKUP.encode() not in answer.content, address
                reader = Forms(address)
                reader.feed(answer.content.decode())
                for form in reader.found:
                    kind = (form.action.partition("?")[0], form.method, *sorted(form.fields))
                    if kind not in seen:
                        seen.add(kind)
                        yield browser, form


@contextmanager
def undone(browser: Client) -> Iterator[None]:
    """What happens within did not happen afterwards, neither here nor in the browser: nobody is signed out by it."""
    kept = copy.deepcopy(browser.cookies)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    browser.cookies = kept


@pytest.fixture
def hall(staff: Staff) -> Hall:
    """Somebody waits, somebody is at the counter, aside, due back; all with names that try to be more than names."""
    agents = {role: staff.agent(role, lines=("filing", "handover"), name=f"Agent {MARKUP}") for role in sorted(ROLES)}
    for number, role in enumerate(("counter_agent", "handover_agent", "digital_helper", "head_of_office"), start=1):
        actions.open_counter(staff.counter(number), by=agents[role])
    staff.card()
    tickets = [staff.ticket("renewal", "duplicate", name=f"{MARKUP} {number}") for number in range(6)]
    agent, counter = agents["counter_agent"], staff.counter(1)
    for aside in (True, False):
        called = actions.call_next(counter, by=agent)
        assert called
        actions.arrive(called, by=agent)
        if aside:
            actions.park(called, room=MARKUP, by=agent)
    given = actions.give_return(tickets[-1], kind=ReturnKind.FIRST_NEXT_DAY, by=agents["head_of_office"], reason=MARKUP)
    help_call = actions.call_for_help(counter, by=agent)
    parts = {
        "office": "nanterre",
        "code": "nanterre",
        "steering:opening.code": "filing",
        "steering:change_opening.code": "filing",
        "token": tickets[3].token,
        "number": counter.number,
        "pk": tickets[3].pk,
        "counter:return_pass.pk": given.pk,
        "steering:return_pass.pk": given.pk,
        "steering:answer_help.pk": getattr(help_call, "pk", 1),
        "steering:agent.pk": agents["press_officer"].pk,
        "steering:deactivate_agent.pk": agents["press_officer"].pk,
        **book_something(staff, agents["greeter"], MARKUP),
    }
    dossiers = file_something(staff, agents, MARKUP)
    browsers = {"": Client(), **{role: staff.browser(agent) for role, agent in agents.items()}}
    for browser in browsers.values():
        browser.raise_request_exception = False
    return Hall(staff, browsers, parts | dossiers.parts, dossiers.more)


def body(fields: dict[str, list[bytes]]) -> bytes:
    """Fields as a form sends them, whatever their bytes."""
    return b"&".join(
        f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}".encode()
        for name, values in fields.items()
        for value in values
    )


def written(answer: HttpResponseBase) -> bytes:
    """What a page says; the documents and lists that are downloaded hold names as they are."""
    if not answer.streaming:
        return answer.content  # type: ignore[attr-defined, no-any-return]
    list(answer)
    # Its files alone: closing the answer would end the database's connection, and the transaction around.
    for close in answer._resource_closers:  # type: ignore[attr-defined]
        close()
    return b""


def send(browser: Client, form: Form, changed: str, value: bytes) -> int:
    """Send the form with one field changed; the status."""
    kept = {name: [value.encode() for value in values] for name, values in form.fields.items()}
    sent = body({**kept, changed: [value, value]})
    path = form.action.partition("?")[0]
    with undone(browser):
        if form.method == "get":
            answer = browser.get(path, QUERY_STRING=sent.decode())
        else:
            query = form.action.partition("?")[2]
            kind = "application/x-www-form-urlencoded"
            answer = browser.generic("POST", path, sent, content_type=kind, QUERY_STRING=query)
    assert MARKUP.encode() not in written(answer), (path, changed)
    return answer.status_code


def test_every_form_takes_anything(hall: Hall) -> None:
    """Each field of each form in turn; the values go round, so that each kind of field meets each of them."""
    values = cycle(CORPUS)
    wrong, met = [], []
    for browser, form in hall.forms():
        met.append(form.action)
        for name in form.fields.keys() - {"csrfmiddlewaretoken"}:
            for value in islice(values, VALUES_A_FIELD):
                status = send(browser, form, name, value)
                wrong += [(form.action, name, value[:12], status)] if status >= 500 else []
    assert wrong == []
    for room in (
        "/instruction/",
        "/titres/",
        "/dossier/",
        "/guichet/",
        "/pilotage/",
        "/aide/",
        "/rendez-vous/",
        "/borne/",
    ):
        assert any(action.startswith(room) for action in met), room


# What an action reads, whether or not a page in this state shows a form for it.
READ = "ticket procedure procedures outcome permit room reason key kind at call lines roles day date name person q"
READ += " numero vu papier avant what agent before login password back_to next d c e p o seal vue ligne lang sure"
READ += " slot n v a j k contact email phone code again altcha suits ground ground_reason p0-family_name p0-day"
READ += " grounds until because answer_by due_on summoned_on meets_on body opinion favourable text documents order"
READ += " card_months closing officer seen fact act check file permit source label place notice signature version"
READ += " stamp_number stamp_eur identity typed born birth_date family_name given_name passport comes_back content from"
READ += " doc-passport doc-photos language case fee_case permit_expires_on finish"
READ += " p0-month p0-year p0-foreign_number p0-passport_number who state foreign_number passport_number batch"


# Between them they hold every permission.
@pytest.mark.parametrize("role", ["", "administrator", "counter_agent", "handover_agent", "head_of_office"])
def test_every_address_takes_anything(hall: Hall, role: str) -> None:
    browser = hall.browsers[role]
    wrong = []
    for address in hall.addresses():
        if address.endswith(ENDING):
            continue
        for value in (b"9" * 5_000, MARKUP.encode()):
            form = Form(address, "post", {name: [""] for name in READ.split()})
            sent = body({name: [value] for name in form.fields})
            with undone(browser):
                got = browser.get(address, QUERY_STRING=sent.decode())
            with undone(browser):
                put = browser.generic("POST", address, sent, content_type="application/x-www-form-urlencoded")
            wrong += [(address, value[:9], answer.status_code) for answer in (got, put) if answer.status_code >= 500]
            assert MARKUP.encode() not in written(got) + written(put), address
    assert wrong == []


@pytest.mark.parametrize("role", ["", "greeter"])
def test_every_address_takes_any_body(hall: Hall, role: str) -> None:
    browser = hall.browsers[role]
    bodies = [
        ("application/json", b'{"ticket": {"$gt": 1}}'),
        ("application/x-www-form-urlencoded", b"a=1&" * 1_000),
        ("application/x-www-form-urlencoded; charset=utf-16", b"a=1"),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("text/plain; charset=\xff", b"\xff"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="ticket"; filename="a"\r\n\r\n1\r\n--x--',
        ),
    ]
    wrong = []
    for address in hall.addresses():
        if address.endswith(ENDING):
            continue
        for method in ("POST", "PUT", "DELETE", "HEAD"):
            for kind, sent in bodies if method == "POST" else bodies[:1]:
                with undone(browser):
                    answer = browser.generic(method, address, sent, content_type=kind)
                if answer.status_code >= 500:
                    wrong.append((method, address, kind, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("path", ["/", "/guichet/", "/compte/connexion/", "/nulle-part/", "/t/inconnu/"])
def test_a_cookie_with_a_nul_is_unreadable(db: None, path: str) -> None:
    cookie = r'sessionid="\000aaaaaaaaaaaaaaaa"'
    assert Client(raise_request_exception=False).get(path, headers={"cookie": cookie}).status_code == 400


@pytest.mark.parametrize("host", ['exemple.invalid/"<x>', "[::1", "ailleurs.invalid", ""])
def test_another_name_of_the_machine_is_refused_in_words(db: None, host: str) -> None:
    assert Client(raise_request_exception=False).get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("path", ["/guichet/", "/porte/nanterre/demarche/", "/compte/connexion/"])
def test_a_large_file_is_refused_before_it_is_read(db: None, path: str) -> None:
    sent = {"piece": SimpleUploadedFile("grand.bin", b"a" * 2_000_000)}
    assert Client().post(path, sent).status_code == 400


def test_what_agents_read_is_kept_by_no_browser(hall: Hall) -> None:
    head, kept = hall.browsers["head_of_office"], []
    for address in hall.addresses():
        with undone(head):
            answer = head.get(address)
        rule = access.rule_for(answer.resolver_match.view_name) if answer.resolver_match else None
        if not isinstance(rule, access.Public) and "no-store" not in answer.headers.get("Cache-Control", ""):
            kept.append(address)
    assert kept == []


def test_failed_sign_ins_are_counted_for_all_workers(db: None) -> None:
    """The count is where another worker sees it, and the sixth try with one name is refused without a look."""
    login = {"login": "administrateur-fictif", "password": "faux"}
    cache.clear()
    for _ in range(5):
        Client().post("/compte/connexion/", login)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM common_cache")
        assert cursor.fetchone()[0] > 0
    said = [Client().post("/compte/connexion/", login).content.decode() for _ in range(2)]
    assert any("Trop de tentatives" in text for text in said)


def test_no_other_site_acts_in_an_agents_name(staff: Staff) -> None:
    """Without the form's own token nothing is done, at whatever address an agent may open."""
    agent = staff.agent("head_of_office", "administrator", lines=("filing",))
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.force_login(agent.user, backend="parvis.web.account.backend.RolesOnly")
    hall = Hall(staff, {}, {"office": "nanterre", "code": "nanterre", "token": "x"})
    done = []
    for name, one in patterns(get_resolver()):
        only_shows = name.endswith(":poster")
        if name in access.table() and not only_shows and not isinstance(access.table()[name], access.Public):
            address = reverse(name, kwargs={key: hall.value(name, key) for key in one.pattern.converters})
            answer = browser.post(address, headers={"origin": "https://ailleurs.invalid"})
            done += [(name, answer.status_code)] if answer.status_code != 403 else []
    assert done == []
