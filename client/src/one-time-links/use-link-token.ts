import { useEffect, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'

/**
 * The token of the one-time link that led here; empty when there is none. It leaves
 * the address at once, so that it is in no screenshot and no history.
 */
export const useLinkToken = (): string => {
  const { hash, pathname } = useLocation()
  const navigate = useNavigate()
  // The API rejects longer text as no token at all; cut, it is a token that nobody knows.
  const found = new URLSearchParams(hash.slice(1)).get('token')?.slice(0, 200) ?? null
  const [token, setToken] = useState(found ?? '')
  // Another link opened in the same tab changes nothing but the fragment.
  if (found !== null && found !== token) setToken(found)
  useEffect(() => {
    if (hash !== '') void navigate(pathname, { replace: true })
  }, [hash, pathname, navigate])
  return token
}
