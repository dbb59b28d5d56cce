"""Printable patient handouts and consent packs in many languages."""
