"""Lists as jobs: uploaded, screened by a process of their own, fetched, forgotten after some days.

``uploading`` takes the file in, ``questions`` say what is asked of it, ``jobs`` is the table of them, ``files`` where they
lie; ``runner`` starts ``working``, a process for each list, and sees to it that none is lost or done twice.
"""
