"""Dossiers: choosing what is shown, proving it, the pages that people read, the zip; and screened lists."""
