# shellcheck shell=bash
# Son of Grid Engine 8.1.9; postfix comes with it and is told not to ask.
FROM=trixie
PACKAGES=(gridengine-master gridengine-exec gridengine-client)
PRESEED=(
  'gridengine-common shared/gridenginecell string default'
  'gridengine-common shared/gridenginemaster string sgelogin'
  'gridengine-common shared/gridengineconfig boolean true'
  'gridengine-client shared/gridenginecell string default'
  'gridengine-client shared/gridenginemaster string sgelogin'
  'gridengine-client shared/gridengineconfig boolean true'
  'gridengine-exec shared/gridenginemaster string sgelogin'
  'postfix postfix/main_mailer_type select No configuration'
)
