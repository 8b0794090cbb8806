"""Where consent begins, on the service: what people fill in, codes they type, and the post office that sends them.

``capturing`` are the acts of the desk, ``post_office`` the thread that sends, ``officers`` what officers ask of forms,
``shops`` what shops send.
"""
