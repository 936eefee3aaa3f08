# The profile of a login shell, which a batch job does not read by itself.
for profile in /etc/profile "$HOME/.bash_profile" "$HOME/.profile"; do
  if [ -r "$profile" ]; then . "$profile"; fi
done
