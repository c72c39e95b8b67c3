/** `tajo init`: writes a commented tajo.yaml. It never overwrites unasked and asks no service anything. */
import { existsSync, writeFileSync } from 'node:fs'
import { TajoError } from '../../base/error.ts'
import { renderTemplate, type TemplateAnswers } from '../../config/index.ts'
import { type CommandContext, commandLine } from '../command-context.ts'
import { EXIT, EXIT_OF_SIGNAL } from '../exit-codes.ts'

/** The file can hold credentials: for its owner only. */
const FILE_MODE = 0o600

export async function runInit(
  context: CommandContext,
  options: { force?: boolean; yes?: boolean },
): Promise<number> {
  const file = context.configFile ?? context.environment.configFile ?? 'tajo.yaml'
  if (options.force !== true && existsSync(file)) throw fileExists(file)
  const asks = context.output.interactive && options.yes !== true
  const answers = asks ? await askForAnswers() : {}
  if (answers === null) {
    context.output.note('Nothing was written.')
    return EXIT_OF_SIGNAL.SIGINT
  }
  writeNew(file, renderTemplate(answers), options.force === true)
  context.output.print(`${context.output.style('green', '✓')} ${file} is written.`)
  const unset = [
    ...(answers.apiToken === undefined ? ['PIPEDRIVE_API_TOKEN'] : []),
    ...(answers.companyDomain === undefined ? ['PIPEDRIVE_COMPANY_DOMAIN'] : []),
    ...(answers.brevoApiKey === undefined ? ['BREVO_API_KEY'] : []),
  ].filter((name) => !context.environment.variables[name])
  if (unset.length > 0) context.output.print(`Still to be set in the environment: ${unset.join(', ')}.`)
  context.output.print(`Next: ${commandLine('check')}`)
  return EXIT.done
}

/** Writes a file that is not there yet, or replaces it. Throws `file_exists`. */
export function writeNew(file: string, text: string, replace: boolean): void {
  try {
    writeFileSync(file, text, { mode: FILE_MODE, flag: replace ? 'w' : 'wx' })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') throw fileExists(file, error)
    throw new TajoError({
      code: 'config_unwritable',
      message: `${file} cannot be written (${code ?? 'unknown reason'}). Check that its directory is there and yours.`,
      cause: error,
    })
  }
}

function fileExists(file: string, cause?: unknown): TajoError {
  return new TajoError({
    code: 'file_exists',
    message: `${file} is already there and stays as it is. Name another file, or remove it first ("tajo init --force" replaces it).`,
    ...(cause === undefined ? {} : { cause }),
  })
}

/** Null when the questions were broken off. */
async function askForAnswers(): Promise<TemplateAnswers | null> {
  const { intro, isCancel, password, text } = await import('@clack/prompts')
  intro('Tajo: Pipedrive to Brevo')
  const companyDomain = await text({
    message: 'Company domain in Pipedrive (the first part of yourcompany.pipedrive.com)',
    placeholder: 'yourcompany',
    validate: (value) =>
      /^[a-z0-9-]*$/i.test(value ?? '') ? undefined : 'Only the first part: letters, digits and hyphens.',
  })
  if (isCancel(companyDomain)) return null
  const apiToken = await password({ message: 'Pipedrive API token (empty: taken from PIPEDRIVE_API_TOKEN)' })
  if (isCancel(apiToken)) return null
  const brevoApiKey = await password({ message: 'Brevo API key (empty: taken from BREVO_API_KEY)' })
  if (isCancel(brevoApiKey)) return null
  const country = await text({
    message: 'Country of phone numbers without a country code (two letters, or empty)',
    placeholder: 'KR',
    validate: (value) =>
      /^([a-z]{2})?$/i.test(value ?? '') ? undefined : 'Two letters, such as KR, DE or US.',
  })
  if (isCancel(country)) return null
  return {
    companyDomain: companyDomain || undefined,
    apiToken: apiToken || undefined,
    brevoApiKey: brevoApiKey || undefined,
    defaultCountry: country?.toUpperCase() || undefined,
  }
}
