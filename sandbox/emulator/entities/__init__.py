"""Text with its entities, read by TDLib's own code. Offsets count UTF-16 code units."""
