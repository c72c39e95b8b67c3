import type { Messages, Translated } from '../en.ts'

export const login: Translated<Messages['login']> = {
  title: 'Tajo 로그인',
  lead: '이 서버의 API 키로 로그인하세요. 키는 세션으로 교환되며 브라우저에 저장되지 않습니다.',
  key: 'API 키',
  keyHelp: '키가 없나요? 서버에서 “tajo keys create”를 실행하면 키가 발급되고 한 번만 표시됩니다.',
  enter: '로그인',
  empty: 'API 키를 입력하세요.',
  wrong: '이 서버에 등록되지 않은 키입니다. 잘못 입력했거나, 만료되었거나, 폐기된 키일 수 있습니다.',
  limited: '로그인 시도가 너무 많습니다. 잠시 후 다시 시도하세요.',
  linkUsed: '이미 사용했거나 유효 기간이 지난 로그인 링크입니다. API 키로 로그인하세요.',
  what: 'Pipedrive와 Brevo를 늘 같은 상태로.',
}
