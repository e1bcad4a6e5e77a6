"""The panel on the left: cards, filters, order."""
