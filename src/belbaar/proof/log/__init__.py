"""The log: tree and tiles, signed notes and heads, keeping it while a ledger is written, and whether it is sound."""
