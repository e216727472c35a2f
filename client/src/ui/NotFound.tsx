import { Anchor, Stack, Text, ThemeIcon } from '@mantine/core'
import { IconMapQuestion } from '@tabler/icons-react'
import { Link } from 'react-router'
import { PageTitle } from './PageTitle'

interface Props {
  title: string
  /** Why that may be so. */
  children?: string
  /** Where the user can go instead. */
  instead: { to: string; name: string }
}

/** Says that nothing is at this address. */
export const NotFound = ({ title, children, instead }: Props) => (
  <Stack gap="sm" align="center" ta="center" maw={480} mx="auto" py="min(6rem, 12vh)">
    <ThemeIcon variant="light" color="gray" size={56} radius="xl">
      <IconMapQuestion size={30} aria-hidden />
    </ThemeIcon>
    <PageTitle title={title} />
    {children !== undefined && <Text c="dimmed">{children}</Text>}
    <Anchor component={Link} to={instead.to}>
      {instead.name}
    </Anchor>
  </Stack>
)
