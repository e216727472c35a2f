import { useRef, useState } from 'react'
import { ReasonField } from './ReasonField'

/** The reason of a block that the viewer types, and its field. */
export const useBlockReason = () => {
  const [reason, setReason] = useState('')
  const [isMissing, setMissing] = useState(false)
  const input = useRef<HTMLTextAreaElement>(null)
  return {
    reason: reason.trim(),
    field: (
      <ReasonField
        ref={input}
        value={reason}
        invalid={isMissing}
        onChange={next => {
          setReason(next)
          setMissing(false)
        }}
      />
    ),
    /** Whether there is a reason. If there is none, the field says so and has the focus. */
    check: (): boolean => {
      const isThere = reason.trim() !== ''
      setMissing(!isThere)
      if (!isThere) input.current?.focus()
      return isThere
    },
    clear: () => {
      setReason('')
      setMissing(false)
    },
  }
}
