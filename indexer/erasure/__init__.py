"""What must not come back: recognised by keyed hashes, and taken out of whatever holds it.

    Erasure (keyed hashes) -> Redactor -> document, text, URL or body without it

The ledger of erasures is the store's (`indexer.store.Erasures`); here is only what they mean.
"""

from indexer.erasure.ledger import Erasure, erasures_from_json, erasures_to_json
from indexer.erasure.phrases import email_phrase, name_words, phone_phrase, url_phrase
from indexer.erasure.recording import erasure_of_page, erasure_of_person, is_about
from indexer.erasure.redactor import MARK, Redacted, Redactor

__all__ = [
    "MARK",
    "Erasure",
    "Redacted",
    "Redactor",
    "email_phrase",
    "erasure_of_page",
    "erasure_of_person",
    "erasures_from_json",
    "erasures_to_json",
    "is_about",
    "name_words",
    "phone_phrase",
    "url_phrase",
]
