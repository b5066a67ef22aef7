"""The room of lessons: the insight repository, where a lesson is proposed, accepted, brought to people and proved."""
