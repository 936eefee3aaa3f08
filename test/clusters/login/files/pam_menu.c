/*
 * A second step as Duo does it: a menu, an informational line, an echoed prompt, up to three rounds.
 * Accepts "1" (a push, answered after a second) or the passcode 424242.
 */
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int pam_sm_authenticate(pam_handle_t *pam, int flags, int argc, const char **argv)
{
	(void)flags;
	(void)argc;
	(void)argv;
	for (int round = 0; round < 3; round++) {
		char *answer = NULL;

		pam_info(pam, "Two-step login for this cluster.\n\n 1. Push to XXX-XXX-1234\n 2. Text message\n");
		if (pam_prompt(pam, PAM_PROMPT_ECHO_ON, &answer, "Passcode or option (1-2): ") != PAM_SUCCESS || !answer)
			return PAM_AUTH_ERR;
		int push = strcmp(answer, "1") == 0;
		int passcode = strcmp(answer, "424242") == 0;

		free(answer);
		if (push) {
			pam_info(pam, "Pushed a login request to your device...");
			sleep(1);
			pam_info(pam, "Success. Logging you in...");
			return PAM_SUCCESS;
		}
		if (passcode)
			return PAM_SUCCESS;
		pam_error(pam, "Incorrect passcode. Please try again.");
	}
	return PAM_AUTH_ERR;
}

int pam_sm_setcred(pam_handle_t *pam, int flags, int argc, const char **argv)
{
	(void)pam;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_SUCCESS;
}
