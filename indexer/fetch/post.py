"""One POST to an address of the operator's own, such as a chat that wants to know of failures."""

from __future__ import annotations

import asyncio
import ssl

import httpx

from indexer.fetch.client import REDIRECTS, broken


def post(url: str, content: bytes, *, user_agent: str, limit_s: float) -> str:
    """Send JSON to `url` and return what went wrong, or "" when it was taken.

    Private addresses are asked too: the operator named this one. What comes back is not read. The
    address may be a secret: it is in no log and in nothing that is returned.
    """
    return asyncio.run(_post(url, content, user_agent=user_agent, limit_s=limit_s))


async def _post(url: str, content: bytes, *, user_agent: str, limit_s: float) -> str:
    try:
        async with asyncio.timeout(limit_s):
            status = await _status(url, content, user_agent=user_agent, limit_s=limit_s)
    except TimeoutError:
        return f"no answer within {limit_s:g} s"
    except httpx.InvalidURL:
        return "its address is not one that can be asked"
    except (httpx.HTTPError, httpx.StreamError, ssl.SSLError) as error:
        return broken(error, limit_s).detail
    if status in REDIRECTS:
        return f"answered {status}: it is elsewhere now; name its new address"
    return "" if httpx.codes.is_success(status) else f"answered {status}"


async def _status(url: str, content: bytes, *, user_agent: str, limit_s: float) -> int:
    # The transport and not a client, which would log the address.
    request = httpx.Request(
        "POST",
        url,
        content=content,
        headers={"User-Agent": user_agent, "Content-Type": "application/json; charset=utf-8"},
        extensions={"timeout": httpx.Timeout(limit_s).as_dict()},
    )
    context = httpx.create_ssl_context(trust_env=False)
    async with httpx.AsyncHTTPTransport(verify=context, trust_env=False) as transport:
        response = await transport.handle_async_request(request)
        await response.aclose()
        return response.status_code
