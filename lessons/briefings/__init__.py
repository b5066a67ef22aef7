"""The room of briefings: who is asked to read which card or revision, who has read it, and when that is enough."""
