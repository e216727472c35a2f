import { Card } from '@mantine/core'
import type { ReactNode } from 'react'
import { WordMark } from './WordMark'

/** The frame of pages for people who are not signed in. */
export const EntryPage = ({ children }: { children: ReactNode }) => (
  <div className="entry">
    <div className="entry-card">
      <header style={{ display: 'flex', justifyContent: 'center', marginBottom: '1.5rem' }}>
        <WordMark />
      </header>
      <Card component="main" withBorder shadow="sm" padding="xl" radius="lg">
        {children}
      </Card>
    </div>
  </div>
)
