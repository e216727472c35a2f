import { Card } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './EntryPage.module.css'
import { WordMark } from './WordMark'

/** The frame of pages for users who are not signed in. */
export const EntryPage = ({ children }: { children: ReactNode }) => (
  <div className={classes.page}>
    <div className={classes.card}>
      <header style={{ display: 'flex', justifyContent: 'center', marginBottom: '1.5rem' }}>
        <WordMark />
      </header>
      <Card component="main" withBorder shadow="sm" padding="xl" radius="lg">
        {children}
      </Card>
    </div>
  </div>
)
