"""The room of customers' contacts: taken in from a CRM, matched to lessons, documented from the card."""
