import { useCallback, useEffect, useState } from 'react'

/** Counts the seconds down to 0 from the number with which it is started. */
export const useCountdown = (): { seconds: number; start: (seconds: number) => void } => {
  const [until, setUntil] = useState(0)
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const tick = () => setSeconds(Math.max(0, Math.ceil((until - Date.now()) / 1000)))
    tick()
    if (until <= Date.now()) return
    const timer = setInterval(tick, 250)
    return () => clearInterval(timer)
  }, [until])
  const start = useCallback((from: number) => setUntil(Date.now() + from * 1000), [])
  return { seconds, start }
}

/** Seconds in the form of a clock, such as “1:05”. */
export const clockOf = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
