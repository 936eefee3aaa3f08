# The profile of a login shell, which a batch job does not read by itself.
if [ -r /etc/profile ]; then . /etc/profile; fi
if [ -r "$HOME/.bash_profile" ]; then . "$HOME/.bash_profile"; elif [ -r "$HOME/.profile" ]; then . "$HOME/.profile"; fi
# A profile may begin the PATH anew; what this launch put first stays first.
if [ -d "${TUNEL_DIR:-}/bin" ]; then PATH="$TUNEL_DIR/bin:$PATH"; fi
export PATH
