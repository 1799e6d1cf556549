"""The workshop: one living municipality that a room watches, changes and predicts.

`chronicle` lives a world through, `futures` holds what a room decided and the futures that come of it, `telling` says
in sentences what happened, `measures` and `predictions` put a question and weigh its outcome, `script` reads ready
sessions and `places` the names in their texts. `room` joins all this for one leader: `following` does what the script
says, `resuming` saves it and takes it up again, `calling` says what futures and decisions are called; `rooms` holds all
rooms. `view` and `weighing` say what a screen shows, and `phones` lets the others answer (`tries`: who tries too often
waits).
Nothing here draws; see `dashboard/pages/workshop.py`.
"""
