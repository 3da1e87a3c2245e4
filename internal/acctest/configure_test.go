package acctest_test

import (
	"fmt"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// secret is the first sensitive setting of a cloud that must be given, with the value that the sandbox takes.
func secret(t *testing.T, s *acctest.Sandbox, c acctest.Case) (field driver.Field, value string) {
	t.Helper()
	for _, f := range c.Fields {
		if f.Sensitive && f.Required {
			return f, s.Getenv(f.Env[0])
		}
	}
	t.Fatal("there is no secret")
	return field, value
}

// Where a setting comes from a resource, a new snapshot is planned without asking the cloud, and taken. When it becomes
// unknown again, the account that the environment names is not asked about snapshots that it may never have seen: that
// would remove them from the state.
func TestTFProvider_settingKnownOnlyAfterApply(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		f, value := secret(t, s, c)
		cli := acctest.NewCLI(t, s, fmt.Sprintf("resource \"terraform_data\" \"secret\" {\n  input = %q\n}\n", value)+
			fmt.Sprintf("provider \"cloudsnap\" {\n  poll_interval = \"1ms\"\n  %s = { %s = terraform_data.secret.output "+
				"}\n}\n", c.Name, f.Name)+
			c.HCL("test", c.Sources[0]))
		s.ClearJournal()
		cli.Run(t, "plan").MustSucceed(t).MustSay(t, "2 to add")
		if n := len(s.Requests(c.Name)); n != 0 {
			t.Errorf("the plan sent %d requests without knowing %s", n, f.Name)
		}
		cli.Apply(t).MustSucceed(t)
		cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)

		s.ClearJournal()
		cli.Run(t, "plan", "-replace=terraform_data.secret").
			MustFail(t).
			MustSay(t, "Unable to use cloud", "known only after apply", "-target")
		if n := len(s.Requests(c.Name)); n != 0 {
			t.Errorf("the plan sent %d requests with settings that are not the configuration's", n)
		}
		cli.Apply(t, "-replace=terraform_data.secret", "-target=terraform_data.secret").MustSucceed(t)
		cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)
	})
}

// Configuration wins over environment; an empty text says nothing, as a variable without a value does.
func TestTFProvider_configurationWinsOverEnvironment(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		f, value := secret(t, s, c)
		written := func(v string) string {
			block := fmt.Sprintf("%s = { %s = %q }", c.Name, f.Name, v)
			data := fmt.Sprintf("cloud = %q\n  source_id = %q", c.Name, c.Sources[0].SourceID)
			return "provider \"cloudsnap\" {\n  poll_interval = \"1ms\"\n  " + block + "\n}\n" +
				"data \"cloudsnap_snapshots\" \"test\" {\n  " + data + "\n}\n"
		}
		cli := acctest.NewCLI(t, s, written("wrong"))
		cli.Run(t, "plan").
			MustFail(t).
			MustSay(t, "Unable to list snapshots", "The cloud rejected the credentials", "provider's "+c.Name+" block")
		cli.Write(t, written(""))
		cli.Run(t, "plan").MustSucceed(t)
		cli.Setenv(f.Env[0] + "=wrong")
		cli.Run(t, "plan").MustFail(t).MustSay(t, "The cloud rejected the credentials")
		cli.Write(t, written(value))
		cli.Run(t, "plan").MustSucceed(t)
		cli.Setenv(f.Env[0] + "=")
		cli.Write(t, written(""))
		cli.Run(t, "plan").MustFail(t).MustSay(t, c.Title+" is not configured", f.Name+" is missing", f.Env[0])
	})
}
