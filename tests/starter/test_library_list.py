"""The starter library has every page that tools refer to by name, and nothing is left out of it."""

from collections import Counter

import yaml

from portal.people.positions import Position
from portal.starter import loading, training_loading

PATHS = {"csr-i-first-90-days", "csr-ii-journey", "senior-csr-lead"}
ANSWERS = """
start-new-service transfer-service-to-new-address stop-service documents-needed-to-open-account deposit-required
deposit-refund-when

pay-bill-online pay-by-phone pay-in-person-locations-hours payment-methods-accepted set-up-bank-draft cancel-bank-draft
bank-draft-returned returned-check-fee

due-date-and-late-fee waive-late-penalty payment-extension payment-arrangement past-due-notice-meaning
avoid-disconnection restore-service-after-disconnection reconnection-fee after-hours-reconnection

why-is-my-bill-high leak-adjustment billing-error-dispute estimated-reading how-meter-is-read request-meter-reread
refund-of-credit-balance name-change-on-account add-authorized-person copy-of-bill-or-history paperless-billing
budget-billing

report-water-leak-or-main-break no-water-or-low-pressure discolored-water sewer-backup report-hydrant-problem
rent-hydrant-meter return-hydrant-meter locate-utility-lines-before-digging locate-for-construction-company

missed-trash-pickup bulky-item-pickup replace-trash-cart trash-day-and-holidays recycling-what-goes-in

watering-restrictions water-conservation-rebate senior-or-hardship-help landlord-tenant-account vacant-property-account
bankruptcy-or-deceased-customer

speak-to-supervisor make-a-complaint public-records-request request-in-spanish language-or-disability-assistance
report-fraud-or-imposter
"""
POLICIES = """
customer-deposits billing-and-due-dates delinquency-and-disconnection payment-arrangements penalties-and-waivers
refunds-and-adjustments bank-drafts-and-returned-items cash-handling-and-daily-deposit customer-identity-and-privacy
hydrant-status-notification hydrant-meters line-locates records-retention after-hours-and-emergency-calls
service-in-other-languages
"""


def functions() -> list[dict[str, str]]:
    [head] = yaml.safe_load_all((loading.LIBRARY / "job-functions.md").read_text().removesuffix("---\n"))
    return head["job_functions"]


def test_the_answers_and_policies_that_tools_refer_to_are_there_and_no_others():
    for folder, names in (("answers", ANSWERS), ("policies", POLICIES)):
        found = sorted(path.stem for path in (loading.LIBRARY / folder).glob("*.md"))
        assert found == sorted(names.split()), folder


def test_the_functions_of_each_position_are_there():
    assert Counter(function["position"] for function in functions()) == {"csr_1": 9, "csr_2": 9, "senior": 6}


def test_each_position_below_the_supervisor_has_a_path_that_brings_a_task_for_each_of_its_functions():
    files = {file.slug: file for file in training_loading.read()}
    assert set(files) == PATHS
    assert {file.row["position"] for file in files.values()} == set(Position.values) - {Position.SUPERVISOR}
    for file in files.values():
        signed = {function for task in file.tasks for function in task["job_functions"]}
        own = {function["slug"] for function in functions() if function["position"] == file.row["position"]}
        assert own <= signed, file.slug
