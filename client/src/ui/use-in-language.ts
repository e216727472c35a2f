import { useState } from 'react'
import { useLocale } from '../messages/use-locale'

/**
 * Returns a message of the API as long as the screen has the language in which the message came.
 * Then null, because only the API could write it again.
 */
export const useInLanguage = (message: string | null): string | null => {
  const { tag } = useLocale()
  const [written, setWritten] = useState({ message, tag })
  if (written.message !== message) setWritten({ message, tag })
  return written.message !== message || written.tag === tag ? message : null
}
