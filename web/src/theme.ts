/** One accent, quiet greys, and states that are told by words first and colour second. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const ink: MantineColorsTuple = [
  '#eef1fc',
  '#dbe1f6',
  '#b5c1ec',
  '#8c9ee2',
  '#6a80da',
  '#5069d3',
  '#3f57cb',
  '#2f4cc4',
  '#2540ac',
  '#1c3389',
]

/** A little warmer than Mantine's own, in both schemes. */
const dark: MantineColorsTuple = [
  '#d3d5da',
  '#b4b7bf',
  '#9b9fa9',
  '#6d717c',
  '#444853',
  '#363a44',
  '#2a2d36',
  '#1f2229',
  '#16181d',
  '#0f1114',
]

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  colors: { ink, dark },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily:
    '"Pretendard Variable", Pretendard, Inter, -apple-system, BlinkMacSystemFont, "Segoe UI", "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", "Noto Sans CJK KR", sans-serif',
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.4' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
})

/** Mantine's dimmed grey is too light to read on white. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5c606b',
    '--mantine-color-placeholder': '#6b7079',
    '--mantine-color-error': '#b42318',
    '--page-ground': '#f6f6f4',
    '--page-line': '#e4e4e0',
    '--page-good': '#12784a',
    '--page-good-soft': '#e8f5ee',
    '--page-warn': '#8a5300',
    '--page-warn-soft': '#fdf3e0',
    '--page-bad': '#b42318',
    '--page-bad-soft': '#fdecea',
    '--page-busy': '#2f4cc4',
    '--page-busy-soft': '#eef1fc',
    '--page-none': '#5c606b',
    '--page-none-soft': '#efefec',
  },
  dark: {
    '--mantine-color-dimmed': '#a5a9b3',
    '--mantine-color-placeholder': '#969aa5',
    '--mantine-color-error': '#ff8f85',
    '--mantine-color-anchor': '#a3b3f0',
    '--page-ground': '#121417',
    '--page-line': '#2c2f37',
    '--page-good': '#5fd39a',
    '--page-good-soft': '#13291f',
    '--page-warn': '#f0b75a',
    '--page-warn-soft': '#2e2413',
    '--page-bad': '#ff8f85',
    '--page-bad-soft': '#351a18',
    '--page-busy': '#a3b3f0',
    '--page-busy-soft': '#1d2340',
    '--page-none': '#a5a9b3',
    '--page-none-soft': '#23262d',
  },
})
