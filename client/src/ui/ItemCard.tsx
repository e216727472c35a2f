import { Card, Group, Text, ThemeIcon } from '@mantine/core'
import type { IconUser } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './ItemCard.module.css'

interface Props {
  Icon: typeof IconUser
  name: ReactNode
  /** More about the name, shown on hover. */
  title?: string
  /** A badge next to the name. */
  badge?: ReactNode
  /** The buttons for actions on the item. */
  actions?: ReactNode
  /** The lines below the name. */
  children: ReactNode
}

/** An item of a list: its name, its details and the actions on it. */
export const ItemCard = ({ Icon, name, title, badge, actions, children }: Props) => (
  <Card component="li" withBorder padding="md">
    <Group wrap="nowrap" align="flex-start" gap="md">
      <ThemeIcon variant="light" size="lg" radius="md" aria-hidden>
        <Icon size={20} />
      </ThemeIcon>
      <div className={classes.item}>
        <Group align="flex-start" justify="space-between" gap="xs">
          <Group gap="xs" className={classes.name}>
            <Text fw={600} title={title}>
              {name}
            </Text>
            {badge}
          </Group>
          {actions ? <div className={classes.actions}>{actions}</div> : null}
        </Group>
        {children}
      </div>
    </Group>
  </Card>
)
