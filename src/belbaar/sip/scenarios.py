"""What SIPp says in the demonstration: pieces of its scenarios. Braces are filled in here, brackets by SIPp."""

__all__ = ["ACK_OF_NO", "ANSWERED", "OK", "scenario"]

ANSWERED = """<send><![CDATA[

SIP/2.0 200 OK
[last_Via:]
[last_Record-Route:]
[last_From:]
[last_To:];tag=[pid]c[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:here@[local_ip]:[local_port]>
Content-Length: 0

]]></send><recv request="ACK"/>"""
"""An INVITE is answered, and the answer is acknowledged."""

OK = """<send><![CDATA[

SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>"""
"""Whatever came in the call is answered."""

ACK_OF_NO = """<send><![CDATA[

ACK sip:{called}@[remote_ip]:[remote_port] SIP/2.0
[last_Via:]
[last_From:]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>"""
"""A refusal is acknowledged."""


def scenario(*parts: str) -> str:
    """Put pieces together."""
    return f'<?xml version="1.0"?><scenario name="demonstration">{"".join(parts)}</scenario>'
