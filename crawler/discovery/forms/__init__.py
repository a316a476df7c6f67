"""Lists that go on by a form: their pagers, what is posted, and answers that are fragments."""
