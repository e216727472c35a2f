import { Anchor, Card, Group, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import { Link } from 'react-router'

interface Props {
  title: string
  /** The page behind the card, with the text of its link. */
  link?: { readonly to: string; readonly label: string }
  children: ReactNode
}

/** A part of Home with a heading. */
export const HomeCard = ({ title, link, children }: Props) => {
  const id = useId()
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby={id}>
      <Group justify="space-between" align="baseline" mb="sm" gap="xs">
        <Title order={2} size="h5" id={id}>
          {title}
        </Title>
        {link !== undefined && (
          <Anchor component={Link} to={link.to} size="sm">
            {link.label}
          </Anchor>
        )}
      </Group>
      {children}
    </Card>
  )
}
