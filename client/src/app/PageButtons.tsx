import { Button, Group } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'

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

/** The ways to the pages before and after; nothing when there is but one. */
export const PageButtons = ({ pageInfo, onPrevious, onNext }: Props) =>
  pageInfo !== undefined && !pageInfo.hasNextPage && !pageInfo.hasPreviousPage ? null : (
    <Group component="nav" aria-label="Pages" justify="flex-end" mt="md">
      <Button
        variant="default"
        leftSection={<IconChevronLeft size={16} aria-hidden />}
        disabled={pageInfo?.hasPreviousPage !== true}
        onClick={() => onPrevious(pageInfo?.startCursor ?? null)}
      >
        Previous
      </Button>
      <Button
        variant="default"
        rightSection={<IconChevronRight size={16} aria-hidden />}
        disabled={pageInfo?.hasNextPage !== true}
        onClick={() => onNext(pageInfo?.endCursor ?? null)}
      >
        Next
      </Button>
    </Group>
  )
