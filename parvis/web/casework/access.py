from parvis.web.access import Permission, Table

SEES = Permission("casefiles.view_case_file")
REVIEWS = Permission("casefiles.review_case_file")
SIGNS = Permission("casefiles.sign_decision")
GIVES = Permission("casefiles.assign_case_file")
DEPOSITS = Permission("casefiles.deposit_case_file")
RECEIPTS = Permission("casefiles.give_receipt")
IMPORTS = Permission("casefiles.import_case_files")
FIGURES = Permission("casefiles.review_case_file", "indicators.view_figures")

ACCESS: Table = {
    "casework:home": SEES,
    "casework:file": SEES,
    "casework:document": SEES,
    "casework:act": REVIEWS,
    "casework:give": GIVES,
    "casework:decide": SIGNS,
    "casework:check": DEPOSITS,
    "casework:receipt": RECEIPTS,
    "casework:slip_paper": DEPOSITS,
    "casework:receipt_paper": RECEIPTS,
    "casework:batch": REVIEWS,
    "casework:give_batch": GIVES,
    "casework:sign_batch": SIGNS,
    "casework:to_sign": SIGNS,
    "casework:new_file": DEPOSITS,
    "casework:late": REVIEWS,
    "casework:silences": REVIEWS,
    "casework:thursday": REVIEWS,
    "casework:stock": FIGURES,
    "casework:imports": IMPORTS,
    "casework:columns": IMPORTS,
    "casework:taken_over": IMPORTS,
    "casework:run_import": IMPORTS,
    "casework:export": IMPORTS,
    "casework:rejected": IMPORTS,
}
