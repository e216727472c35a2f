import { Card, Group, Stack, Title } from '@mantine/core'
import { type ReactNode, type RefObject, useId } from 'react'

interface Props {
  title: string
  /** The heading, for callers that move the focus to it. */
  heading?: RefObject<HTMLHeadingElement | null>
  /** The button for an action on everything in the section. */
  action?: ReactNode
  children: ReactNode
}

/** A titled part of the tab. */
export const Section = ({ title, heading, action, children }: Props) => {
  const id = useId()
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby={id}>
      <Stack gap="md">
        <Group justify="space-between" gap="xs">
          <Title order={2} size="h5" id={id} tabIndex={-1} {...(heading && { ref: heading })}>
            {title}
          </Title>
          {action}
        </Group>
        {children}
      </Stack>
    </Card>
  )
}
