import type { ReactNode } from 'react'

/**
 * A command for a terminal, within a text. It stays in one line, so that it can be read and copied,
 * unless it is wider than its place.
 */
export const Command = ({ children }: { children: ReactNode }) => (
  <code style={{ display: 'inline-block' }}>{children}</code>
)
