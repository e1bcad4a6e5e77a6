"""Label packs: a record's chain, signed, in one file without pictures; and the acts that chains tell of."""
