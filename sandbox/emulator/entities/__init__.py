"""Text with its entities: parsing, checking, finding. Offsets count UTF-16 code units."""
