"""SIP messages that torture a parser, after those of RFC 4475: some strange and right, most of them wrong.

`{called}`, `{shows}`, `{here}`, `{port}` and `{n}` are filled in; lines end as SIP has it. ``VALID`` ask for a call as any
other does; whatever a gate makes of one, no message may leave it without a permit, nor stop it.
"""

VALID = {
    # 3.1.1.1: folded lines, odd blanks, short names of headers, unknown ones; but for CSeq, of which Kamailio 5.6 reads no
    # folded one: that message is among the wrong ones, for it is dropped
    "a short tortuous INVITE": """INVITE sip:{called}@127.0.0.1:{port} SIP/2.0
TO :
 sip:{called}@127.0.0.1 ;   tag    = abc{n}
From   : "J Rosenberg \\\\\\""       <sip:{shows}@dialer.example>
  ;
  tag = 98asjd8
MaX-fOrWaRdS: 0068
Call-ID: wsinv.{n}@dialer
Content-Length   : 0
cseq: 0009 INVITE
Via  : SIP  /   2.0
 /UDP
    {here};branch=z9hG4bKt{n}
s :
NewFangledHeader:   newfangled value
 continued newfangled value
UnknownHeaderWithUnusualValue: ;;,,;;,;
P-Asserted-Identity: <sip:{shows}@dialer.example>
m:"Quoted string \\"\\"" <sip:jdoe@{here}> ; newparam =
      newvalue ;
  secondparam ; q = 0.33

""",
    # 3.1.1.3: escaped characters in URIs
    "escaped digits": """INVITE sip:%2B31201000007@127.0.0.1:{port} SIP/2.0
Via: SIP/2.0/UDP {here};branch=z9hG4bKt{n}
From: <sip:{shows}@dialer.example>;tag=t{n}
To: <sip:{called}@127.0.0.1>
Call-ID: esc.{n}
CSeq: 1 INVITE
Contact: <sip:%64ialer@{here}>
P-Asserted-Identity: <sip:{shows}@dialer.example>
Max-Forwards: 70
Content-Length: 0

""",
    # 3.1.1.8: more behind the message than it says
    "octets behind the end": """INVITE sip:{called}@127.0.0.1:{port} SIP/2.0
Via: SIP/2.0/UDP {here};branch=z9hG4bKt{n}
From: <sip:{shows}@dialer.example>;tag=t{n}
To: <sip:{called}@127.0.0.1>
Call-ID: dblreq.{n}
CSeq: 8 INVITE
Contact: <sip:dialer@{here}>
P-Asserted-Identity: <sip:{shows}@dialer.example>
Max-Forwards: 70
Content-Length: 0

INVITE sip:+31201000099@127.0.0.1:{port} SIP/2.0
Via: SIP/2.0/UDP {here};branch=z9hG4bKsecond{n}
From: <sip:{shows}@dialer.example>;tag=u{n}
To: <sip:+31201000099@127.0.0.1>
Call-ID: second.{n}
CSeq: 1 INVITE
Max-Forwards: 70
Content-Length: 0

""",
}

_HEAD = """Via: SIP/2.0/UDP {here};branch=z9hG4bKt{n}
From: <sip:{shows}@dialer.example>;tag=t{n}
To: <sip:{called}@127.0.0.1>
Call-ID: bad.{n}
CSeq: 1 INVITE
Contact: <sip:dialer@{here}>
P-Asserted-Identity: <sip:{shows}@dialer.example>
Max-Forwards: 70
Content-Length: 0
"""
_LINE = "INVITE sip:{called}@127.0.0.1:{port} SIP/2.0\n"

WRONG = {
    "3.1.1.1 as it stands": VALID["a short tortuous INVITE"].replace("0009 INVITE", "0009\n  INVITE"),
    "3.1.2.1 extraneous separators": _LINE
    + _HEAD.replace("branch=z9hG4bKt{n}", "branch=z9hG4bKt{n};;,;,,").replace("{here}>", "<{here}>>"),
    "3.1.2.2 a length that is too large": _LINE
    + _HEAD.replace("Content-Length: 0", "Content-Length: 9999")
    + "\nshort",
    "3.1.2.3 a negative length": _LINE + _HEAD.replace("Content-Length: 0", "Content-Length: -999") + "\n",
    "3.1.2.4 numbers that are too large": _LINE
    + _HEAD.replace("CSeq: 1", "CSeq: 36893488147419103232").replace("Max-Forwards: 70", "Max-Forwards: 300")
    + "\n",
    "3.1.2.6 a quote that does not end": _LINE + _HEAD.replace("From: <", 'From: "Mr. J. User <') + "\n",
    "3.1.2.7 angle brackets round the URI": "INVITE <sip:{called}@127.0.0.1:{port}> SIP/2.0\n" + _HEAD + "\n",
    "3.1.2.8 blanks within the URI": "INVITE sip:{called}@127.0.0.1:{port}; lr SIP/2.0\n" + _HEAD + "\n",
    "3.1.2.9 two blanks in the first line": "INVITE  sip:{called}@127.0.0.1:{port}  SIP/2.0\n" + _HEAD + "\n",
    "3.1.2.10 a blank at its end": "INVITE sip:{called}@127.0.0.1:{port} SIP/2.0  \n" + _HEAD + "\n",
    "3.1.2.11 escaped headers in the URI": "INVITE sip:{called}@127.0.0.1:{port}?Route=%3Csip:evil.example%3E SIP/2.0\n"
    + _HEAD
    + "\n",
    "3.1.2.13 a name that is not in quotes": _LINE + _HEAD.replace("From: <", "From: Bell, Alexander <") + "\n",
    "3.1.2.14 another version": "INVITE sip:{called}@127.0.0.1:{port} SIP/7.0\n"
    + _HEAD.replace("SIP/2.0/", "SIP/7.0/")
    + "\n",
    "3.1.2.15 methods that differ": _LINE + _HEAD.replace("1 INVITE", "1 OPTIONS") + "\n",
    "3.1.2.16 an unknown method": "NEWMETHOD"
    + _LINE.removeprefix("INVITE")
    + _HEAD.replace("1 INVITE", "1 NEWMETHOD")
    + "\n",
    "3.3.1 without what it must have": _LINE
    + "CSeq: 193942 INVITE\nVia: SIP/2.0/UDP {here};branch=z9hG4bKt{n}\nContent-Length: 0\n\n",
    "3.3.2 a scheme that nobody knows": "INVITE nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0\n" + _HEAD + "\n",
    "3.3.3 a scheme that is known": "INVITE soap.beep://192.0.2.103:3002 SIP/2.0\n" + _HEAD + "\n",
    "3.3.8 headers more than once": _LINE
    + _HEAD.replace(
        "CSeq: 1 INVITE", "CSeq: 59 INVITE\nCSeq: 1 INVITE\nCall-ID: other.{n}\nMax-Forwards: 5\nTo: <sip:x@y>"
    )
    + "\n",
    "3.3.9 two lengths": _LINE + _HEAD + "Content-Length: 5\n\nhello",
    "3.3.10 a response in the place of a request": "SIP/2.0 200 OK\n" + _HEAD + "\n",
    "a length of its own line ends": _LINE.replace("\n", "\r\r\n") + _HEAD + "\n",
    "nothing at all": "\n\n\n\n",
    "octets that are no text": _LINE + _HEAD.replace("To: <", "To: \u00ff\u00fe\u0001<") + "\n",
    "a header without an end": _LINE + "X: " + "a" * 30_000 + "\n" + _HEAD + "\n",
    "thousands of headers": _LINE + "X: 1\n" * 6_000 + _HEAD + "\n",
}
