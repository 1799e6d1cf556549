"""The workshop: one living municipality that a room watches, changes and predicts.

`chronicle` lives a world through, `futures` holds what a room decided and the futures that come of it, `telling` says
in sentences what happened, `measures` and `predictions` put a question and weigh its outcome, `script` reads ready
sessions, `room` joins all this for one leader, and `phones` lets the others answer. Nothing here draws; see
`dashboard/pages/workshop.py`.
"""
