package nimbus_test

import (
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/nimbus"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/drivertest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

func TestConformance(t *testing.T) { drivertest.Run(t, sandboxtest.Harness(nimbus.Driver{})) }
