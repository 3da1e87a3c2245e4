package acctest_test

import (
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
)

// secrets are the credentials in the sandbox's environment.
func secrets(s *acctest.Sandbox) map[string]string {
	out := map[string]string{}
	for _, d := range acctest.Drivers() {
		for _, f := range d.Descriptor().Fields {
			for _, name := range f.Env {
				if v := s.Getenv(name); f.Sensitive && v != "" {
					out[name] = v
				}
			}
		}
	}
	return out
}

func TestTFSecrets_appearNowhere(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	canaries := secrets(s)
	if len(canaries) < len(acctest.Drivers()) {
		t.Fatalf("only %d credentials to look for", len(canaries))
	}
	config := acctest.ProviderConfig
	for _, d := range acctest.Drivers() {
		c := s.Case(t, d.Descriptor().Name)
		config += c.HCL(c.Name, c.Sources[0])
	}
	look := func(where, text string) {
		t.Helper()
		for name, secret := range canaries {
			if strings.Contains(text, secret) {
				t.Errorf("the value of %s appears in the %s", name, where)
			}
		}
	}
	cli := acctest.NewCLI(t, s, config)
	cli.Setenv("TF_LOG=TRACE")
	applied := cli.Apply(t).MustSucceed(t)
	if !strings.Contains(applied.Output, "request answered") {
		t.Error("the log has no requests, so the test has seen nothing")
	}
	look("log", applied.Output)
	look("state", cli.State(t))

	// Refused credentials tempt to be quoted.
	for name, secret := range canaries {
		canary := secret + "-WRONG"
		cli.Setenv(name + "=" + canary)
		refused := cli.Run(t, "plan")
		if strings.Contains(refused.Output, canary) {
			t.Errorf("the refused value of %s appears in the output", name)
		}
		cli.Setenv(name + "=" + secret)
	}
	look("log of the destruction", cli.Destroy(t).MustSucceed(t).Output)
}
