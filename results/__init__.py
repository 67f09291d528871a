"""What a record is, and what becomes of records. Imports nothing of ours but itself."""
