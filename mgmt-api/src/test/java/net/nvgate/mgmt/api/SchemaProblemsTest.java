package net.nvgate.mgmt.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.validation.RequestValidator;
import io.vertx.openapi.validation.impl.RequestParameterImpl;
import io.vertx.openapi.validation.impl.ValidatableRequestImpl;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the contract refuses, and how it is said. */
class SchemaProblemsTest {

    private static final String ID = "3b6d1d0e-7c55-4c0a-8f3e-0a4b5a1c1001";

    private static Vertx vertx;
    private static RequestValidator validator;

    @BeforeAll
    static void load() throws Exception {
        vertx = Vertx.vertx();
        OpenAPIContract contract = ApiContract.load().forRouter();
        validator = RequestValidator.create(vertx, contract);
    }

    @AfterAll
    static void close() throws Exception {
        vertx.close().await();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "createVmNetwork | {'name':'a','logicalNetworkId':'ID','colour':1}         | UNKNOWN_FIELD | colour",
                "createVmNetwork | {'logicalNetworkId':'ID'}                               | MISSING_FIELD | name",
                "createVmNetwork | {'name':7,'logicalNetworkId':'ID'}                      | WRONG_TYPE    | name",
                "createVmNetwork | {'name':'','logicalNetworkId':'ID'}                     | INVALID_VALUE | name",
                "createVmNetwork | {'name':'a','logicalNetworkId':'5'}                     | INVALID_VALUE | logicalNetworkId",
                "createVmNetwork | {'name':'a','logicalNetworkId':'urn:uuid:ID'}           | INVALID_VALUE | logicalNetworkId",
                "createVmNetwork | []                                                      | WRONG_TYPE    | body",
                "createVmNetwork | {                                                       | MALFORMED_JSON | body",
                "createVm | {'name':'a','hostId':'ID','nics':[{'vmSubnetId':'ID'},{'vmSubnetId':1}]} | WRONG_TYPE | nics[1].vmSubnetId",
                "createVm | {'name':'a','hostId':'ID','nics':[{}]}                         | MISSING_FIELD | nics[0].vmSubnetId",
                "createVm | {'name':'a','hostId':'ID','nics':[{'vmSubnetId':'ID','x':1}]}  | UNKNOWN_FIELD | nics[0].x",
                "createVmSubnet | {'name':'a','vmNetworkId':'ID','prefix':'1.0.0.0/24','vsid':4095} | INVALID_VALUE | vsid",
                "createVmSubnet | {'name':'a','vmNetworkId':'ID','prefix':'1.0.0.0/24','vsid':5000.5} | WRONG_TYPE | vsid",
                "createNatRule | {'name':'a','natConnectionId':'ID','protocol':'SCTP','externalPort':1,'internalAddress':'1.1.1.1','internalPort':1} | INVALID_VALUE | protocol",
                "updateVm | {'a/b~c%é':1} | UNKNOWN_FIELD | a/b~c%é",
                "updateVm | {'a\\tz':1} | UNKNOWN_FIELD | a%9z",
                "updateVm | {} | INVALID_VALUE | body",
                "updateVm | {'hostId':'ID'} | UNKNOWN_FIELD | hostId",
            })
    void namesTheFieldAndWhatIsWrong(String operation, String body, ProblemCode code, String field) {
        String json = body.replace('\'', '"').replace("ID", ID);
        Throwable failure = catchThrowable(() -> validator
                .validate(
                        new ValidatableRequestImpl(
                                Map.of(),
                                Map.of(),
                                Map.of("id", new RequestParameterImpl('"' + ID + '"')),
                                Map.of(),
                                new RequestParameterImpl(Buffer.buffer(json)),
                                "application/json"),
                        operation)
                .await());

        Problem problem = ProblemMapper.map(failure, 400);

        assertThat(problem.code()).as(problem.toString()).isEqualTo(code);
        assertThat(problem.field().orElse("body")).as(problem.toString()).isEqualTo(field);
        assertThat(problem.detail()).doesNotContain("Exception", "nstance", "schema", "#");
    }
}
