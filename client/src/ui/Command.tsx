import type { ReactNode } from 'react'

/** A command for a terminal, within a text. It stays in one line, so that it can be read and copied. */
export const Command = ({ children }: { children: ReactNode }) => (
  <code style={{ whiteSpace: 'nowrap' }}>{children}</code>
)
