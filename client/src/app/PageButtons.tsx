import { Button, Group } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import type { MouseEvent } from 'react'

interface Props {
  pageInfo:
    | {
        readonly hasNextPage: boolean
        readonly hasPreviousPage: boolean
        readonly startCursor?: string | null
        readonly endCursor?: string | null
      }
    | undefined
  /** @param before where the page ends. */
  onPrevious: (before: string | null) => void
  /** @param after where the page begins. */
  onNext: (after: string | null) => void
}

/**
 * Shows the list at whose end the buttons stand from its start, where that is out of sight,
 * and lets the focus go on from there.
 */
const toStart = ({ currentTarget }: MouseEvent): void => {
  const list = currentTarget.parentElement?.parentElement
  if (list == null || list.getBoundingClientRect().top >= 0) return
  list.tabIndex = -1
  list.focus({ preventScroll: true })
  list.scrollIntoView()
}

/**
 * The ways to the pages before and after; nothing when there is but one. Stands in one
 * element with its list, at the end of it.
 */
export const PageButtons = ({ pageInfo, onPrevious, onNext }: Props) =>
  pageInfo !== undefined && !pageInfo.hasNextPage && !pageInfo.hasPreviousPage ? null : (
    <Group component="nav" aria-label="Pages" justify="flex-end" mt="md">
      <Button
        variant="default"
        leftSection={<IconChevronLeft size={16} aria-hidden />}
        disabled={pageInfo?.hasPreviousPage !== true}
        onClick={event => {
          toStart(event)
          onPrevious(pageInfo?.startCursor ?? null)
        }}
      >
        Previous
      </Button>
      <Button
        variant="default"
        rightSection={<IconChevronRight size={16} aria-hidden />}
        disabled={pageInfo?.hasNextPage !== true}
        onClick={event => {
          toStart(event)
          onNext(pageInfo?.endCursor ?? null)
        }}
      >
        Next
      </Button>
    </Group>
  )
