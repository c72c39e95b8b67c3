/** A cell that takes Mantine's style props. Mantine's own table brings its scroll areas and floating menus along. */
import { Box, type BoxProps } from '@mantine/core'
import type { ReactNode } from 'react'

export type TdProps = BoxProps & { readonly children?: ReactNode }

export function Td(props: TdProps) {
  return <Box component="td" {...props} />
}
