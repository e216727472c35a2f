import { Stack, Text, Title } from '@mantine/core'
import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react'
import { usePageTitle } from './document-title'

/** Whether the content stands in a dialog over a page, which keeps its own title. */
export const InDialog = createContext(false)

/**
 * The heading of a page. It also sets the title of the document, and takes the focus when the page
 * opens.
 */
export const PageTitle = ({ title, children }: { title: string; children?: ReactNode }) => {
  const heading = useRef<HTMLHeadingElement>(null)
  const inDialog = useContext(InDialog)
  usePageTitle(inDialog ? null : title)
  useEffect(() => {
    const { activeElement } = document
    // A field that already has the focus keeps it.
    if (
      activeElement === null ||
      activeElement === document.body ||
      activeElement.id === 'content'
    ) {
      heading.current?.focus({ preventScroll: true })
    }
  }, [])
  return (
    <Title
      order={inDialog ? 3 : 1}
      size={inDialog ? 'h4' : 'h2'}
      ref={heading}
      tabIndex={-1}
      style={{ overflowWrap: 'anywhere' }}
    >
      {children ?? title}
    </Title>
  )
}

/** The heading of a page, and what the page is for. A button beside it moves below where there is no room. */
export const Intro = ({ title, children }: { title: string; children: ReactNode }) => (
  <Stack gap={4} flex="1 1 16rem">
    <PageTitle title={title} />
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  </Stack>
)
