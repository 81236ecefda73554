"""Records of publications, as repositories give them over OAI-PMH, to documents.

A record is kept and read again like a web page: its body is the ``<record>`` element. MODS as
DiVA and SwePub write it, and Dublin Core, which every repository can give, are understood.
"""

from indexer.extract.records.publication import read_record
from indexer.extract.records.safe_xml import BrokenXml, parse

OAI_RECORD = "oai-pmh:record"
"""The media type of such a page. The colon keeps any server from claiming it in a header."""

__all__ = ["OAI_RECORD", "BrokenXml", "parse", "read_record"]
