import { useState } from 'react'
import { ReasonField } from './ReasonField'

/** The reason of a block that the viewer types, and its field. */
export const useBlockReason = () => {
  const [reason, setReason] = useState('')
  const [isMissing, setMissing] = useState(false)
  return {
    reason: reason.trim(),
    field: (
      <ReasonField
        value={reason}
        invalid={isMissing}
        onChange={next => {
          setReason(next)
          setMissing(false)
        }}
      />
    ),
    /** Whether there is a reason. If there is none, the field says so. */
    check: (): boolean => {
      const isThere = reason.trim() !== ''
      setMissing(!isThere)
      return isThere
    },
    clear: () => {
      setReason('')
      setMissing(false)
    },
  }
}
