import { Card } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './EntryPage.module.css'
import { LanguageMenu } from './LanguageMenu'
import { WordMark } from './WordMark'

/**
 * The frame of pages for users who are not signed in, and of pages that signed-in users must finish
 * first.
 *
 * @param isSignedIn whether the language of the profile counts, so there is no menu of languages.
 */
export const EntryPage = ({
  isSignedIn = false,
  children,
}: {
  isSignedIn?: boolean
  children: ReactNode
}) => (
  <div className={classes.page}>
    <div className={classes.card}>
      <header style={{ display: 'flex', justifyContent: 'center', marginBottom: '1.5rem' }}>
        <WordMark />
      </header>
      <Card component="main" withBorder shadow="sm" padding="xl" radius="lg">
        {children}
      </Card>
      {!isSignedIn && (
        <footer className={classes.footer}>
          <LanguageMenu />
        </footer>
      )}
    </div>
  </div>
)
